from signalbox import Completion, Endpoint, Request, log


def on_completed(request: Request, endpoint: Endpoint, completion: Completion) -> None:
    # wrong: no such attribute
    log.info(completion.tokens)
