"""Sends each request to the engine with the fewest open connections. Written as a router for vLLM production-stack."""

from typing import Dict, List

from fastapi import Request
from vllm_router.log import init_logger
from vllm_router.routers.routing_logic import RoutingInterface
from vllm_router.service_discovery import EndpointInfo
from vllm_router.stats.engine_stats import EngineStats
from vllm_router.stats.request_stats import RequestStats

logger = init_logger(__name__)


class LeastConnectionsRouter(RoutingInterface):
    def __init__(self):
        if hasattr(self, "_initialized"):
            return
        self._initialized = True

    def route_request(
        self,
        endpoints: List[EndpointInfo],
        engine_stats: Dict[str, EngineStats],
        request_stats: Dict[str, RequestStats],
        request: Request,
    ) -> str:
        return min(endpoints, key=lambda e: engine_stats[e.url].active_connections).url
