package io.fspf.tag;

class MemoryTagStoreTest extends TagStoreContractTest {
  @Override
  TagStore emptyStore() {
    return TagStores.memory();
  }

  @Override
  TagStore sameStore() {
    return store;
  }

  @Override
  int rounds() {
    return 1000;
  }
}
