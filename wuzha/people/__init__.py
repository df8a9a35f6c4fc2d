"""People 值班与权限: units, officers, and who may do what."""
