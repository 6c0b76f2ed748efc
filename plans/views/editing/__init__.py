"""A planner writes a plan: one form a thing, server-rendered, nothing typed lost."""
