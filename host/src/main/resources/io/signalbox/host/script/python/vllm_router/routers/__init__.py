"""Routers: start at routing_logic."""
