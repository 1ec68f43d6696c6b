package io.metaie.faults;

import io.metaie.testing.Control;
import io.metaie.testing.ServiceApp;
import java.util.ArrayList;
import java.util.List;

/** Instances of the service on one broker, all of which end with the test; and somebody who publishes commands. */
final class Services implements AutoCloseable {

    private final String bootstrap;
    private final List<ServiceApp> started = new ArrayList<>();
    Control control;

    Services(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    /** Starts an instance and waits until it is ready; commands can be published from the first one on. */
    ServiceApp start(String instance, String... settings) {
        ServiceApp service = ServiceApp.start(bootstrap, instance, settings);
        started.add(service);
        service.awaitReady();
        if (control == null) {
            control = new Control(bootstrap);
        }
        return service;
    }

    @Override
    public void close() {
        started.forEach(ServiceApp::close);
        if (control != null) {
            control.close();
        }
    }
}
