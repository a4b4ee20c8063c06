"""What the steps of the method share; it knows torch and mmcv only."""
