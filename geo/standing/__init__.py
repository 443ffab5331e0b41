"""How a zone stands (开发区位次与进度)."""
