package io.signalbox.host.plugin;

import io.signalbox.sdk.StrategyFactory;
import java.util.Objects;

/** Shows of the host's classes the SDK's, and of the platform's those in {@code java.*}. */
final class SdkClassLoader extends ClassLoader {
  private final ClassLoader host =
      Objects.requireNonNull(StrategyFactory.class.getClassLoader(), "the SDK has a class loader");

  SdkClassLoader() {
    super("sdk", null);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith("java.")) {
      return ClassLoader.getPlatformClassLoader().loadClass(name);
    }
    if (name.startsWith("io.signalbox.sdk.") || name.startsWith("org.jspecify.annotations.")) {
      return host.loadClass(name);
    }
    throw new ClassNotFoundException(name);
  }
}
