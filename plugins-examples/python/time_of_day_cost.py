# time-of-day-cost: the endpoint that costs least at this hour. Endpoints say what they cost in their label price: one
# number, and others for some hours of the day, "2.5" or "2.5 22-6:0.8" (0.8 from 22:00 to 6:00, in the label's unit).
# An endpoint without a price, or with one that does not read, loses against those with one.
#
# Parameters: utc-offset (default 0): hours that the prices' clock is ahead of UTC.
#             hour (default -1: the clock's): decide as if it were this hour, for trials.

import time

from signalbox import Endpoint, Params, Request, log, scorer

NAN = float("nan")

prices_by_label: dict[str, list[float]] = {}
"""The price of each hour. Labels come from the configuration, so there are few."""


@scorer(
    "time-of-day-cost",
    prefer="low",
    band="5%",
    params={
        "utc_offset": {
            "default": 0, "min": -12, "max": 14, "unit": "hours", "description": "hours that the prices' clock is ahead of UTC"
        },
        "hour": {
            "default": -1, "min": -1, "max": 23, "unit": "hours", "description": "decide as if it were this hour; -1 for now"
        },
    },
)
def score(request: Request, endpoint: Endpoint, params: Params) -> float:
    hour = params.hour if params.hour >= 0 else (time.time() / 3600 + params.utc_offset) % 24
    return prices(endpoint.labels.get("price", ""))[int(hour)]


def prices(label: str) -> list[float]:
    by_hour = prices_by_label.get(label)
    if by_hour is None:
        try:
            by_hour = read(label)
        except ValueError:
            log.warn(f'price "{label}" does not read as "2.5" or "2.5 22-6:0.8"')
            by_hour = [NAN] * 24
        if len(prices_by_label) >= 1000:
            prices_by_label.clear()
        prices_by_label[label] = by_hour
    return by_hour


def read(label: str) -> list[float]:
    base, *others = label.split(" ")
    by_hour = [float(base) if base else NAN] * 24
    for other in others:
        hours, price = other.split(":")
        start, end = (int(hour) for hour in hours.split("-"))
        for hour in range(start, end if end > start else end + 24):
            by_hour[hour % 24] = float(price)
    return by_hour
