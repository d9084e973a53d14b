"""Statistics: engine_stats is what engines report, request_stats what this router saw."""
