"""HOW MUCH: ledgers of energy in; greenhouse-gas lines out. Stands on `data` alone."""
