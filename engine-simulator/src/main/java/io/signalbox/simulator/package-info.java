@NullMarked
package io.signalbox.simulator;

import org.jspecify.annotations.NullMarked;
