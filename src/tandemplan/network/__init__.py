"""From names to integers, once: the programme as read-only arrays that every planner builds on."""
