package io.signalbox.host;

import picocli.CommandLine.Command;

@Command(
    name = "plugins",
    mixinStandardHelpOptions = true,
    description = "Checks plugins, starts new ones, and lists those of a running host.",
    subcommands = {PluginsCheckCommand.class, PluginsNewCommand.class, PluginsListCommand.class},
    synopsisSubcommandLabel = "COMMAND")
final class PluginsCommand {}
