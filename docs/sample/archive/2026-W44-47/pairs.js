SundayPaper.archive.pairs("2026-W44-47",[""]);
