# Not Python.
# ends: rejected, rejected_syntax.py:3:
def score(request:
