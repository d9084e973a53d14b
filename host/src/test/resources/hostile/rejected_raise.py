# Raises while it is loaded.
# ends: rejected, rejected_raise.py:5: ValueError: not today
import math

raise ValueError("not today")
