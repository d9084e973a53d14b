package io.signalbox.host.limits;

import io.signalbox.host.request.Refusal;

/** What the limits say of a request. */
public sealed interface AdmissionResult {
  /** It may go on; the admission must be ended on every way it can end. */
  record Admitted(Admission admission) implements AdmissionResult {}

  /** It may not. */
  record Refused(Refusal refusal) implements AdmissionResult {}
}
