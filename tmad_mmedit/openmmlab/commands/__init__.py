"""The commands of `tmad` that need OpenMMLab."""
