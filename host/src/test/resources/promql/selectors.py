"""Parses PromQL: a JSON list of expressions comes in, a list of what is in each goes out."""

import json
import sys

import promql_parser as promql

OPERATORS = [
    (promql.MatchOp.Equal, "="),
    (promql.MatchOp.NotEqual, "!="),
    (promql.MatchOp.Re, "=~"),
    (promql.MatchOp.NotRe, "!~"),
]


def selector(vector):
    matchers = [
        {"label": m.name, "operator": operator(m.op), "value": m.value}
        for m in vector.matchers.matchers
    ]
    return {"metric": vector.name, "matchers": matchers}


def operator(op):
    return next(text for known, text in OPERATORS if known == op)


def collect(node, selectors, labels):
    """Adds the selectors below a node, and the labels that series are grouped or matched by."""
    match node:
        case promql.VectorSelector():
            selectors.append(selector(node))
        case promql.MatrixSelector():
            selectors.append(selector(node.vector_selector))
        case promql.BinaryExpr():
            if node.modifier and node.modifier.matching:
                labels.extend(node.modifier.matching.labels)
            collect(node.lhs, selectors, labels)
            collect(node.rhs, selectors, labels)
        case promql.AggregateExpr():
            if node.modifier:
                labels.extend(node.modifier.labels)
            collect(node.expr, selectors, labels)
        case promql.Call():
            for argument in node.args:
                collect(argument, selectors, labels)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            collect(node.expr, selectors, labels)
        case promql.NumberLiteral() | promql.StringLiteral():
            pass
        case _:
            raise TypeError(f"no such node: {node}")


def parsed(text):
    selectors, labels = [], []
    try:
        collect(promql.parse(text), selectors, labels)
    except ValueError as problem:
        return {"problem": str(problem)}
    return {"selectors": selectors, "labels": labels}


json.dump([parsed(text) for text in json.load(sys.stdin)], sys.stdout)
