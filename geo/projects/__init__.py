"""Projects (项目)."""
