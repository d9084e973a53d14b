"""Endpoints by production-stack's names. What Signalbox does not know is None, and never made up."""

from vllm_router.records import Record


class ModelInfo(Record):
    """One model an endpoint serves. Signalbox gives endpoints none of these; a router may make its own."""

    id: str
    object: str
    created: int = 0
    owned_by: str = "vllm"
    root: str | None = None
    parent: str | None = None
    is_adapter: bool = False
    extra_fields: dict | None = None

    @classmethod
    def from_dict(cls, data):
        named = {name for name, _, _ in cls.FIELDS}
        known = {name: value for name, value in data.items() if name in named}
        known.setdefault("object", "model")
        known["is_adapter"] = data.get("parent") is not None
        known["extra_fields"] = {name: value for name, value in data.items() if name not in named}
        return cls(**known)

    def to_dict(self):
        values = self._values()
        values.pop("is_adapter")
        values.update(values.pop("extra_fields") or {})
        return values


class EndpointInfo(Record):
    """One candidate. `url` is its identity, `http://ip:port`; `Id` is stable over restarts, its address.

    `labels` is Signalbox's addition: the endpoint's labels. `model_label` is label `model`, `pod_name`, `service_name`
    and `namespace` are the labels of these names.
    """

    url: str
    model_names: list
    Id: str
    added_timestamp: float
    model_label: str
    sleep: bool
    healthy: bool = True
    pod_name: str | None = None
    service_name: str | None = None
    namespace: str | None = None
    model_info: dict | None = None
    labels: dict | None = None

    def __str__(self):
        return f"EndpointInfo(url={self.url}, model_names={self.model_names}, model_label={self.model_label})"

    def get_base_models(self):
        return [name for name, info in self._infos() if not info.parent]

    def get_adapters(self):
        return [name for name, info in self._infos() if info.parent]

    def get_adapters_for_model(self, base_model):
        return [name for name, info in self._infos() if info.parent == base_model]

    def has_model(self, model_id):
        return model_id in self.model_names

    def get_model_info(self, model_id):
        return (self.model_info or {}).get(model_id)

    def _infos(self):
        return (self.model_info or {}).items()


class ServiceDiscovery:
    """The candidates of the call that is being decided; the whole fleet is not shown to a router."""

    def __init__(self):
        self.endpoints = []
        self.aliases = {}

    def get_endpoint_info(self):
        return list(self.endpoints)

    def has_ever_seen_model(self, model_name):
        return any(endpoint.has_model(model_name) for endpoint in self.endpoints)

    def get_health(self):
        return True

    def close(self):
        """Nothing is held."""


_discovery = ServiceDiscovery()


def get_service_discovery():
    return _discovery
