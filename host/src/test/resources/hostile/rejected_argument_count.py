# Wants more than there is.
# ends: rejected, rejected_argument_count.py
from signalbox import scorer


@scorer("hostile", prefer="low")
def score(request, endpoint, params, more, and_more):
    return 1
