package io.signalbox.host;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * What one version of Kubernetes takes, field by field; a field that it does not know is a problem.
 * Of resources that others define, the part of their schemas that ours use is in {@code
 * src/test/resources/kubernetes}.
 */
final class ManifestSchemas implements AutoCloseable {
  private static final String FOLDERS = "kubernetes_validate/kubernetes-json-schema/v";

  /** Where schemas say that what they refer to is. */
  private static final String BASE = "https://kubernetes.io/api/";

  private final String version;
  private final ZipFile zip;
  private final SchemaRegistry registry;
  private final Map<String, Schema> schemas = new HashMap<>();

  ManifestSchemas(String version) throws IOException {
    this.version = version;
    this.zip = new ZipFile(KubernetesTools.schemas().toFile());
    this.registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(this::referred));
  }

  /** What is wrong with a manifest, field by field. */
  List<String> problems(Manifest manifest) {
    var schema = schemas.computeIfAbsent(manifest.schema(), this::read);
    return schema.validate(manifest.json().encode(), InputFormat.JSON).stream()
        .map(
            problem -> manifest + ": " + problem.getInstanceLocation() + " " + problem.getMessage())
        .toList();
  }

  private Schema read(String name) {
    var text = ofKubernetes(name).or(() -> ofOthers(name));
    return registry.getSchema(
        text.orElseThrow(() -> new AssertionError("Kubernetes " + version + " knows no " + name)));
  }

  private @Nullable String referred(String iri) {
    if (!iri.startsWith(BASE)) {
      return null;
    }
    return ofKubernetes(iri.substring(BASE.length()).replaceFirst("\\.json$", "")).orElseThrow();
  }

  private Optional<String> ofKubernetes(String name) {
    var entry = zip.getEntry(FOLDERS + version + ".0-local-strict/" + name + ".json");
    if (entry == null) {
      return Optional.empty();
    }
    try (var text = zip.getInputStream(entry)) {
      return Optional.of(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> ofOthers(String name) {
    try (var text = ManifestSchemas.class.getResourceAsStream("/kubernetes/" + name + ".json")) {
      return text == null
          ? Optional.empty()
          : Optional.of(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
