"""The scorecard: everything that is measured against labels, in one place. Run: `make scores`."""
