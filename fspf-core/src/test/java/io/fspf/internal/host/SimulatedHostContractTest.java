package io.fspf.internal.host;

class SimulatedHostContractTest extends HostContractTest {
  @Override
  HostDirectory emptyDirectory() throws Exception {
    return new SimulatedHost().makeDirectories("/deep/below").directory("/deep/below");
  }
}
