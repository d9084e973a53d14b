package io.signalbox.benchmarks;

/** One scorer, waiting + 4 * KV cache usage, in the forms a plugin can have. */
enum ScriptForm {
  JAVASCRIPT_EACH(
      "JavaScript, per endpoint",
      "mjs",
      """
      export const strategy = { name: "%s", kind: "scorer", prefer: "low", needs: ["waiting", "kvCacheUsage"] };
      export function score(request, endpoint) {
        return endpoint.waiting + 4 * endpoint.kvCacheUsage;
      }
      """),
  JAVASCRIPT_BATCH(
      "JavaScript, batch",
      "mjs",
      """
      export const strategy = { name: "%s", kind: "scorer", prefer: "low", needs: ["waiting", "kvCacheUsage"] };
      export function scoreAll(request, endpoints, scores) {
        for (let i = 0; i < endpoints.length; i++) {
          scores[i] = endpoints[i].waiting + 4 * endpoints[i].kvCacheUsage;
        }
      }
      """),
  PYTHON_EACH(
      "Python, per endpoint",
      "py",
      """
      from signalbox import scorer


      @scorer("%s", prefer="low", needs=["waiting", "kv_cache_usage"])
      def score(request, endpoint):
          return endpoint.waiting + 4 * endpoint.kv_cache_usage
      """),
  PYTHON_BATCH(
      "Python, batch",
      "py",
      """
      from signalbox import scorer


      @scorer("%s", prefer="low", needs=["waiting", "kv_cache_usage"])
      def score_all(request, endpoints, scores):
          for i, endpoint in enumerate(endpoints):
              scores[i] = endpoint.waiting + 4 * endpoint.kv_cache_usage
      """);

  private final String title;
  private final String extension;
  private final String text;

  ScriptForm(String title, String extension, String text) {
    this.title = title;
    this.extension = extension;
    this.text = text;
  }

  /** The form that stands for a language, named like the constant's first word. */
  static ScriptForm of(String language) {
    return valueOf(language + "_EACH");
  }

  String title() {
    return title;
  }

  /** The name of the plugin and of its strategy, where there is one of this form. */
  String id() {
    return id(0);
  }

  /** The name of one of several. */
  String id(int number) {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + "-" + number;
  }

  /** The file of the plugin with this name. */
  String file(String id) {
    return id + "." + extension;
  }

  /** What is in it. */
  String text(String id) {
    return text.formatted(id);
  }
}
