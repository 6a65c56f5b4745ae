package io.fspf.bench.peers;

import io.fspf.bench.contender.Contender;
import io.fspf.bench.contender.FileSystemContender;
import io.fspf.bench.contender.Kind;
import io.fspf.bench.contender.PeerFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.cryptomator.cryptofs.CryptoFileSystemProperties;
import org.cryptomator.cryptofs.CryptoFileSystemProvider;
import org.cryptomator.cryptolib.api.Masterkey;

/** Makes vaults of Cryptomator's cryptofs with its own defaults: AES-256-GCM, chunks of 32 KiB. */
public final class CryptofsFactory implements PeerFactory {
  @Override
  public Kind kind() {
    return Kind.CRYPTOFS;
  }

  @Override
  public Contender create(Path directory) throws IOException {
    Masterkey key = Masterkey.generate(new SecureRandom());
    CryptoFileSystemProperties properties =
        CryptoFileSystemProperties.cryptoFileSystemProperties()
            .withKeyLoader(id -> key.copy())
            .build();
    CryptoFileSystemProvider.initialize(directory, properties, URI.create("bench:key"));
    FileSystem fileSystem = CryptoFileSystemProvider.newFileSystem(directory, properties);
    return new FileSystemContender(kind().title(), fileSystem.getPath("/"), fileSystem);
  }
}
