package io.metaie.cli;

import picocli.CommandLine.IVersionProvider;

/** The version this was packaged as. */
public final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = VersionProvider.class.getPackage().getImplementationVersion();
        return new String[] {"metaie " + (version == null ? "(not packaged)" : version)};
    }
}
