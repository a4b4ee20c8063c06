"""The plug: T-MAD in MMEditing's training stack."""
