"""Gates that a park must pass (关口): zero-carbon park, national assessment, intensities."""
