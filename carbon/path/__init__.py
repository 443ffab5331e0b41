"""The path of reduction (降碳路径): pledges, their trajectories, and measures that are to keep to them."""
