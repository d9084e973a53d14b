from collections.abc import Sequence

from signalbox import Endpoint, Request, Scores, scorer


@scorer("s", prefer="low")
def score_all(request: Request, endpoints: Sequence[Endpoint], scores: Scores) -> None:
    # wrong: scores are numbers
    scores[0] = endpoints[0].address
