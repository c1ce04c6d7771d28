SundayPaper.archive.packed("pairs",20,")LF#K&ƛL:)E/RDUJ(P");
