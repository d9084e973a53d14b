// Serves the stage "by-price": what a request costs on an endpoint, by a price list that only this application has.
//
// java -cp "host/target/lib/*" plugins-examples/bus/ByPrice.java ADDRESS MEMBER PRICES
//   ADDRESS  of this machine, where the others reach it, such as 10.0.0.9
//   MEMBER   host:port of a process of the cluster, such as 10.0.0.5:5701
//   PRICES   a JSON file, such as {"10.0.0.1:8000": 2.5, "10.0.0.2:8000": 1}

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

void main(String[] args) throws Exception {
  var prices = new JsonObject(Files.readString(Path.of(args[2])));

  var cluster = ConfigUtil.loadConfig().setClusterName("signalbox");
  var network = cluster.getNetworkConfig().setPort(0);
  network.getInterfaces().setEnabled(true).addInterface(args[0]);
  network.getJoin().getMulticastConfig().setEnabled(false);
  network.getJoin().getTcpIpConfig().setEnabled(true).addMember(args[1]);
  var vertx =
      Vertx.builder()
          .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost(args[0])))
          .withClusterManager(new HazelcastClusterManager(cluster))
          .buildClustered()
          .await();

  vertx
      .eventBus()
      .<JsonObject>consumer("signalbox.strategy.by-price", m -> m.reply(answer(m.body(), prices)))
      .completion()
      .await();
  IO.println("serving by-price");
}

/** A request that has to wait for others costs their price too; unknown is null. */
JsonObject answer(JsonObject question, JsonObject prices) {
  var waiting = question.getJsonObject("columns").getJsonArray("waiting");
  var scores = new JsonArray();
  for (int i = 0; i < waiting.size(); i++) {
    var endpoint = question.getJsonArray("endpoints").getJsonObject(i);
    var price = prices.getDouble(endpoint.getString("address"));
    var ahead = waiting.getDouble(i);
    scores.add(price == null || ahead == null ? null : price * (1 + ahead));
  }
  return new JsonObject().put("v", 1).put("scores", scores);
}
