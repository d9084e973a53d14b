package io.signalbox.host;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.signalbox.host.admin.AdminVerticle;
import io.signalbox.host.bridge.Passage;
import io.signalbox.host.bridge.SockJsBridge;
import io.signalbox.host.bridge.TcpBridge;
import io.signalbox.host.chain.DecisionLog;
import io.signalbox.host.chain.DecisionRecord;
import io.signalbox.host.chain.RoutingPlan;
import io.signalbox.host.chain.RoutingPlan.ChainTexts;
import io.signalbox.host.cluster.InFlightVerticle;
import io.signalbox.host.config.ConfigException;
import io.signalbox.host.config.ConfigProblem;
import io.signalbox.host.config.ConfigStatus;
import io.signalbox.host.config.Configuration;
import io.signalbox.host.config.HostResolver;
import io.signalbox.host.config.ListReading;
import io.signalbox.host.config.ListenConfig;
import io.signalbox.host.config.TracingConfig;
import io.signalbox.host.discovery.Discovery;
import io.signalbox.host.discovery.Models;
import io.signalbox.host.endpoint.EndpointRegistry;
import io.signalbox.host.ingest.EndpointEvents;
import io.signalbox.host.ingest.IngestVerticle;
import io.signalbox.host.kubernetes.KubernetesStatus;
import io.signalbox.host.kvevents.KvFeeds;
import io.signalbox.host.plugin.PluginHost;
import io.signalbox.host.signals.FleetSnapshot;
import io.signalbox.host.signals.SampleTable;
import io.signalbox.host.signals.SignalRecord;
import io.signalbox.host.strategy.StrategyVerticle;
import io.signalbox.host.telemetry.CertificateMetrics;
import io.signalbox.host.telemetry.DiscoveryMetrics;
import io.signalbox.host.telemetry.Door;
import io.signalbox.host.telemetry.DoorMetrics;
import io.signalbox.host.telemetry.HealthMetrics;
import io.signalbox.host.telemetry.PrefillMetrics;
import io.signalbox.host.telemetry.PushMetrics;
import io.signalbox.host.telemetry.ReplicaMetrics;
import io.signalbox.host.telemetry.ScrapeMetrics;
import io.signalbox.host.telemetry.TracingMetrics;
import io.signalbox.host.tls.CertificateVerticle;
import io.signalbox.host.tls.ListenerCertificate;
import io.signalbox.host.tracing.OtlpTracing;
import io.signalbox.host.tracing.Tracing;
import io.signalbox.sdk.Signal;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One running host: made, started, told of new configurations, stopped. Start and stop follow the
 * path of a request, from its end to its beginning and back.
 *
 * <p>{@link #apply} and {@link #stop} may be called from any thread, one at a time.
 */
final class Host {
  /** What each step of a stop may take, beside what runs and may finish. */
  private static final Duration STOP = Duration.ofSeconds(5);

  /** How long a change waits for event loops to take it; a busy one takes it when it can. */
  private static final Duration PLAN_PATIENCE = Duration.ofSeconds(1);

  private static final Future<String> NOT_STARTED = Future.failedFuture("not started");

  private final Vertx vertx;
  private final PrometheusMeterRegistry meters;
  private final Plugins plugins;
  private final Supplier<ConfigStatus> configStatus;
  private final EndpointRegistry registry = new EndpointRegistry();
  private final DecisionLog decisions = new DecisionLog();
  private final IngestVerticle ingest;
  private final RoutingKnowledge knowledge;
  private final Discovery discovery;
  private final Tracing tracing;
  private final Path base;
  private final DiscoveryMetrics discoveryMetrics;
  private final FoundRouting foundRouting = new FoundRouting();
  private volatile LoadedConfiguration written;
  private volatile LoadedConfiguration loaded;
  private volatile boolean ready;
  private volatile Future<String> routingDeployment = NOT_STARTED;
  private volatile Future<String> ingestDeployment = NOT_STARTED;

  /**
   * What a host is made of.
   *
   * @param vertx the host's alone; closed by {@link #stop}
   * @param meters where the host registers its meters
   * @param plugins loaded already; closed by {@link #stop}
   * @param base the folder from which the configuration's paths start
   */
  record Parts(Vertx vertx, PrometheusMeterRegistry meters, Plugins plugins, Path base) {}

  /**
   * A host that is not started yet.
   *
   * @param configStatus what admin says of the configuration file
   */
  Host(Parts parts, LoadedConfiguration loaded, Supplier<ConfigStatus> configStatus) {
    this.vertx = parts.vertx();
    this.meters = parts.meters();
    this.plugins = parts.plugins();
    this.base = parts.base();
    this.written = loaded;
    this.loaded = loaded;
    this.configStatus = configStatus;
    this.ingest =
        new IngestVerticle(
            new IngestVerticle.Parts(
                registry,
                new IngestVerticle.Metrics(
                    new ScrapeMetrics(meters), new PushMetrics(meters), new HealthMetrics(meters)),
                new SplittableRandom(),
                System::nanoTime,
                System::currentTimeMillis),
            ingestSettings());
    this.knowledge = new RoutingKnowledge(vertx, meters, parts.base(), this::configuration);
    meters.getPrometheusRegistry().register(new HostMeters(registry::fleet, knowledge::waiting));
    this.discoveryMetrics = new DiscoveryMetrics(meters);
    this.tracing = configuration().tracing().map(this::tracing).orElse(Tracing.OFF);
    this.discovery =
        new Discovery(
            new Discovery.Places(parts.base(), HostResolver.SYSTEM, discoveryMetrics, this::found));
  }

  private Tracing tracing(TracingConfig config) {
    var authorization =
        config
            .authorizationFile()
            .map(file ->
                SecretFile.read("telemetry.tracing.authorization-file", base.resolve(file)));
    return OtlpTracing.start(config, authorization, new TracingMetrics(meters));
  }

  private IngestVerticle.Settings ingestSettings() {
    var in = configuration();
    return new IngestVerticle.Settings(in.signals(), in.sources(), in.health(), in.eventBus());
  }

  private Configuration configuration() {
    return loaded.configuration();
  }

  /** Starts everything; fails with a {@link StartException} where a port cannot be had. */
  Future<Void> start() {
    vertx
        .eventBus()
        .registerDefaultCodec(FleetSnapshot.class, new LocalCodec<>(FleetSnapshot.class))
        .registerDefaultCodec(PlanChange.class, new LocalCodec<>(PlanChange.class))
        .registerDefaultCodec(
            ListenerCertificate.class, new LocalCodec<>(ListenerCertificate.class));
    HostMeters.registerJvm(meters);
    discover();
    take(written);
    applyEndpoints();
    // What was found brings chains of its own, which must not keep a plugin out.
    plugins.serve(() -> written, this::use);
    var certificates = Certificates.load(configuration(), base, vertx);
    return startStrategies()
        .compose(strategies -> knowledge.startLimits())
        .compose(limits -> startRouting(certificates))
        .compose(doors -> startCertificates(certificates))
        .compose(doors -> startAdmin(certificates))
        .compose(admin -> startBridges())
        .compose(bridges -> startReplicas())
        .compose(replicas -> startIngest())
        .onSuccess(deployed -> knowledge.start(configuration()))
        .compose(deployed -> new WarmUp(vertx, configuration(), warmUpPlan()).run())
        .onSuccess(warm -> ready = true)
        .mapEmpty();
  }

  /**
   * Not before a cluster said who there is: a replica that knows nobody would refuse everything.
   */
  private boolean isReady() {
    return ready && discovery.isHeard();
  }

  /** Plugins are warmed up when they are loaded, and need not hear of requests that never were. */
  private static RoutingPlan warmUpPlan() {
    return RoutingPlan.read(
        KnownStrategies.BUILT_IN,
        Set.of(Signal.values()),
        new ChainTexts("least-request, least-kv-cache", Map.of(), Map.of(), ListReading.NARROW),
        (chain, problem) -> {
          throw new IllegalStateException(problem);
        });
  }

  /** Built-in strategies answer at their addresses of the event bus, for others. */
  private Future<?> startStrategies() {
    var life = StrategyVerticle.Life.of(KnownStrategies.BUILT_IN.all());
    return vertx.deployVerticle(
        new StrategyVerticle(life, new SplittableRandom(), System::nanoTime));
  }

  private Future<?> startRouting(Certificates certificates) {
    var parts =
        new RoutingVerticle.Parts(
            () -> loaded.plan(),
            this::unsampledFleet,
            model -> configuration().prefillDecode(model),
            new DoorMetrics(meters, Door.GATEWAY),
            new DoorMetrics(meters, Door.EXT_PROC),
            new PrefillMetrics(meters),
            knowledge.shared(),
            this::isReady,
            decisions,
            knowledge.lengths(),
            tracing,
            certificates);
    routingDeployment =
        vertx.deployVerticle(
            () -> new RoutingVerticle(configuration(), parts),
            new DeploymentOptions().setInstances(EventLoops.count()));
    return routingDeployment;
  }

  /** A process alone has no replicas. */
  private Future<?> startReplicas() {
    return vertx.isClustered()
        ? vertx.deployVerticle(
            new InFlightVerticle(registry, new ReplicaMetrics(meters), System::nanoTime))
        : Future.succeededFuture();
  }

  /** Follows their files. */
  private Future<?> startCertificates(Certificates certificates) {
    if (certificates.all().isEmpty()) {
      return Future.succeededFuture();
    }
    var metrics = new CertificateMetrics(meters);
    certificates.all().forEach(one -> metrics.started(one.listener(), one.expires()));
    return vertx.deployVerticle(new CertificateVerticle(certificates.all(), metrics));
  }

  private Future<?> startIngest() {
    ingestDeployment = vertx.deployVerticle(ingest);
    return ingestDeployment;
  }

  private Future<?> startAdmin(Certificates certificates) {
    var config = configuration().admin();
    if (!config.listen().enabled()) {
      return Future.succeededFuture();
    }
    var views =
        new AdminVerticle.Views(
            meters,
            this::isReady,
            configStatus,
            this::kubernetes,
            plugins.control(),
            decisions,
            System::nanoTime);
    var admin = new AdminVerticle(config, certificates.of(Certificates.ADMIN), views);
    return Listening.named(Certificates.ADMIN, config.listen(), vertx.deployVerticle(admin));
  }

  private Future<?> startBridges() {
    var config = configuration().eventBus();
    var passage =
        new Passage(
            List.of(SignalRecord.ADDRESS),
            List.of(
                SignalRecord.ADDRESS,
                EndpointEvents.ADDRESS,
                DecisionRecord.ADDRESS,
                KvFeeds.ADDRESS,
                PluginHost.ADDRESS));
    var tcp = config.tcpBridge();
    var sockJs = config.sockJsBridge();
    return bridge("event-bus.tcp-bridge", tcp, new TcpBridge(tcp, passage))
        .compose(bridge ->
            bridge(
                "event-bus.sockjs-bridge",
                sockJs,
                new SockJsBridge(sockJs, config.origins(), passage)));
  }

  private Future<?> bridge(String name, ListenConfig where, VerticleBase bridge) {
    return where.enabled()
        ? Listening.named(name, where, vertx.deployVerticle(bridge))
        : Future.succeededFuture();
  }

  private FleetSnapshot unsampledFleet() {
    return new SampleTable().snapshot(registry.fleet(), System.nanoTime(), 0);
  }

  /**
   * Takes a new configuration into use: endpoints, chains and signals. What listens stays as it is.
   *
   * @throws ConfigException when it listens elsewhere or otherwise than the one in use
   */
  void apply(LoadedConfiguration next) {
    if (!next.configuration().listensLike(configuration())) {
      throw new ConfigException(
          List.of(
              new ConfigProblem(
                  0,
                  "",
                  "gateway, ext-proc, admin, cluster, event-bus, kafka, zeromq, plugins.enabled and"
                      + " plugins.folder cannot change while the host runs, nor limits.redis and"
                      + " telemetry: restart it")));
    }
    use(next);
    discover();
    routeAsFound();
    applyEndpoints();
    ingest.changed(ingestSettings());
    plugins.apply(configuration().plugins());
  }

  /** Routes by the chains of this configuration, and of what was found, from now on. */
  private synchronized void use(LoadedConfiguration next) {
    take(next);
    if (routingDeployment.equals(NOT_STARTED)) {
      return;
    }
    var change = new PlanChange(loaded.plan(), EventLoops.count());
    vertx.eventBus().publish(RoutingPlan.ADDRESS, change, new DeliveryOptions().setLocalOnly(true));
    change.awaitTaken(PLAN_PATIENCE);
  }

  /** Whoever begins to route begins with this. */
  private synchronized void take(LoadedConfiguration next) {
    written = next;
    loaded = foundRouting.addTo(next, discovery.found());
    discoveryMetrics.problemsOfProfiles(foundRouting.problems().size());
  }

  private void discover() {
    var in = configuration();
    discovery.apply(in.discovery(), in.sources().dialects().engines());
  }

  private KubernetesStatus kubernetes() {
    return discovery.kubernetes().with(foundRouting.problems());
  }

  /** Other endpoints were found, or other routing of models. */
  private void found() {
    routeAsFound();
    applyEndpoints();
    // Before that it looks at what there is when it starts.
    ingestDeployment.onSuccess(deployed -> ingest.changed(ingestSettings()));
  }

  private synchronized void routeAsFound() {
    if (foundRouting.isOther(discovery.found())) {
      use(written);
    }
  }

  private synchronized void applyEndpoints() {
    var models = Models.with(configuration().models(), discovery.found().models());
    var fleet = registry.apply(models);
    knowledge.apply(configuration().of(models), fleet);
  }

  /**
   * Not ready, then no new connections, then what runs may finish for a while, then the end. Waits
   * for it; not for an event loop.
   *
   * @throws TimeoutException when something did not stop in time
   */
  void stop() throws TimeoutException {
    ready = false;
    discovery.close();
    undeploy(ingestDeployment);
    knowledge.close();
    undeploy(routingDeployment);
    knowledge.closeLimits();
    tracing.close();
    plugins.close();
    vertx.close().await(stopMillis(), TimeUnit.MILLISECONDS);
  }

  /** Longer than what runs may take to finish, at either door. */
  private long stopMillis() {
    var gateway = configuration().gateway().drain().toMillis();
    return Math.max(gateway, configuration().extProc().drain().toMillis()) + STOP.toMillis();
  }

  /** There is nothing to undeploy where the start failed half way. */
  private void undeploy(Future<String> deployment) throws TimeoutException {
    deployment.compose(vertx::undeploy).otherwiseEmpty().await(stopMillis(), TimeUnit.MILLISECONDS);
  }
}
