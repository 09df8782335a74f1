"""How people reach it: actions, and the doors that parse, call an action and render."""
