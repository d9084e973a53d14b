@NullMarked
package io.signalbox.strategies;

import org.jspecify.annotations.NullMarked;
