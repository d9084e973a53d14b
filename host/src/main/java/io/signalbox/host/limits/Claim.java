package io.signalbox.host.limits;

/**
 * One whose limits a request has to keep.
 *
 * @param name of the user, model or profile, or the address of the endpoint
 */
record Claim(Scope scope, String name, Quota quota) {}
