@NullMarked
package io.signalbox.sdk;

import org.jspecify.annotations.NullMarked;
