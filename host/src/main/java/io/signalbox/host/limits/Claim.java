package io.signalbox.host.limits;

/**
 * One whose limits a request has to keep.
 *
 * @param name of the user or model, or the address of the endpoint
 */
record Claim(Scope scope, String name, Quota quota) {}
