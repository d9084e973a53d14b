package io.signalbox.host;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms of the house and the arrows between them. */
class ArchitectureTest {
  private static final String HOST = "io.signalbox.host";
  private static final String GENERATED = "io.signalbox.envoy..";

  private static final ImportOption WRITTEN = location -> !location.contains("/signalbox/envoy/");

  /** Everything of ours on the class path that is not generated, tests of the host included. */
  private static final JavaClasses WITH_TESTS =
      new ClassFileImporter().withImportOption(WRITTEN).importPackages("io.signalbox");

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(WRITTEN)
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.signalbox");

  /** A package of the host and the packages of the host it may know. */
  record Room(String name, Set<String> mayKnow) {
    static Room of(String name, String... mayKnow) {
      return new Room(name, Set.of(mayKnow));
    }

    @Override
    public String toString() {
      return name + " knows " + (mayKnow.isEmpty() ? "no other" : "only " + mayKnow);
    }
  }

  static List<Room> rooms() {
    return List.of(
        Room.of("config"),
        Room.of("telemetry"),
        Room.of("tracing", "config", "telemetry"),
        Room.of("strategy"),
        Room.of("script", "config", "strategy"),
        Room.of("tls", "config", "telemetry"),
        Room.of("cluster", "config", "telemetry", "endpoint", "strategy"),
        Room.of("request", "config", "telemetry", "tracing"),
        Room.of("tokenizer", "telemetry", "request"),
        Room.of("endpoint", "config", "telemetry"),
        Room.of("signals", "config", "telemetry", "endpoint", "strategy"),
        Room.of("ingest", "config", "telemetry", "endpoint", "strategy", "signals"),
        Room.of("kubernetes", "config", "telemetry"),
        Room.of("discovery", "config", "telemetry", "kubernetes"),
        Room.of("bridge", "config", "telemetry"),
        Room.of("prefix", "config", "telemetry", "endpoint", "request"),
        Room.of("kvevents", "config", "telemetry", "endpoint", "prefix"),
        Room.of("limits", "config", "telemetry", "endpoint", "request"),
        Room.of(
            "chain",
            "config",
            "telemetry",
            "tracing",
            "endpoint",
            "signals",
            "request",
            "strategy",
            "limits"),
        Room.of("engine", "config", "endpoint"),
        Room.of(
            "prefill",
            "config",
            "telemetry",
            "tracing",
            "endpoint",
            "request",
            "limits",
            "chain",
            "engine"),
        Room.of(
            "gateway",
            "config",
            "telemetry",
            "tracing",
            "tls",
            "endpoint",
            "signals",
            "request",
            "strategy",
            "limits",
            "chain",
            "engine",
            "prefill"),
        Room.of(
            "extproc",
            "config",
            "telemetry",
            "tracing",
            "tls",
            "endpoint",
            "signals",
            "request",
            "strategy",
            "limits",
            "chain",
            "prefill"),
        Room.of("plugin", "config", "telemetry", "endpoint", "signals", "strategy", "script"),
        Room.of("cases", "telemetry", "request", "strategy", "script"),
        Room.of(
            "admin",
            "config",
            "telemetry",
            "tls",
            "endpoint",
            "strategy",
            "signals",
            "kubernetes",
            "plugin",
            "chain"));
  }

  private static String packageOf(String room) {
    return HOST + "." + room + "..";
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void arrowsPointOneWay(Room room) {
    var allowed =
        Stream.concat(Stream.of(room.name()), room.mayKnow().stream())
            .map(ArchitectureTest::packageOf)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(packageOf(room.name()))
        .should()
        .dependOnClassesThat(resideInAPackage(HOST + "..").and(not(resideInAnyPackage(allowed))))
        .check(CODE);
  }

  @Test
  void everyPackageOfTheHostIsARoom() {
    var rooms = rooms().stream().map(room -> HOST + "." + room.name()).collect(Collectors.toSet());
    rooms.add(HOST);

    assertThat(packages(HOST)).containsExactlyInAnyOrderElementsOf(rooms);
  }

  private static Set<String> packages(String prefix) {
    return CODE.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> name.startsWith(prefix))
        .collect(Collectors.toSet());
  }

  /** A rule with its name. */
  record Rule(String name, JavaClasses of, ArchRule rule) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Rule> rules() {
    return List.of(
        new Rule(
            "no cycles between packages",
            CODE,
            slices().matching("io.signalbox.(**)").should().beFreeOfCycles()),
        new Rule(
            "only the root package wires",
            CODE,
            noClasses()
                .that()
                .resideInAPackage(HOST + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(HOST)),
        new Rule(
            "only the root package knows which strategies are built in, and the simulator",
            CODE,
            noClasses()
                .that()
                .resideInAPackage(HOST + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.signalbox.strategies..", "io.signalbox.simulator..")),
        new Rule(
            "only ext_proc and the root package know Envoy's records",
            CODE,
            noClasses()
                .that()
                .resideInAPackage("io.signalbox..")
                .and()
                .resideOutsideOfPackages(HOST, HOST + ".extproc..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(GENERATED)),
        new Rule(
            "only its room knows the client of Kubernetes, which is not loaded without it",
            CODE,
            noClasses()
                .that()
                .resideInAPackage(HOST + "..")
                .and()
                .resideOutsideOfPackage(HOST + ".kubernetes..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8..")),
        new Rule(
            "only spans that are sent know OpenTelemetry",
            CODE,
            noClasses()
                .that()
                .resideOutsideOfPackage(HOST + ".tracing..")
                .or()
                .haveSimpleName("Tracing")
                .or()
                .haveSimpleName("RequestSpan")
                .or()
                .haveSimpleName("Arrival")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.opentelemetry..")),
        new Rule(
            "the SDK depends on nothing but annotations",
            CODE,
            classes()
                .that()
                .resideInAPackage("io.signalbox.sdk..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations..", "io.signalbox.sdk..")),
        new Rule(
            "built-in strategies depend on the SDK alone",
            CODE,
            classes()
                .that()
                .resideInAPackage("io.signalbox.strategies..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                    "java..",
                    "javax.crypto..",
                    "org.jspecify.annotations..",
                    "io.signalbox.sdk..",
                    "io.signalbox.strategies..")),
        new Rule(
            "the simulator knows nothing else of ours",
            CODE,
            noClasses()
                .that()
                .resideInAPackage("io.signalbox.simulator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                    HOST + "..", "io.signalbox.sdk..", "io.signalbox.strategies..")),
        new Rule(
            "nobody sleeps",
            WITH_TESTS,
            noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)),
        new Rule(
            "only the root package prints",
            CODE,
            noClasses()
                .that()
                .resideOutsideOfPackage(HOST)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")),
        new Rule(
            "classes are named for what they are",
            WITH_TESTS,
            noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")),
        new Rule(
            "packages are named for the domain",
            WITH_TESTS,
            noClasses()
                .should()
                .resideInAnyPackage(
                    "io.signalbox..impl..",
                    "io.signalbox..util..",
                    "io.signalbox..common..",
                    "io.signalbox..helper..",
                    "io.signalbox..manager..")));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theHouseRule(Rule row) {
    row.rule().check(row.of());
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(
            CODE.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(at -> !at.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName))
        .isEmpty();
  }
}
