"""Any inpaintor of MMEditing as coarse stage (Sec. III-A)."""
