package io.fspf.cas.wire;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS between parties who know each other by their keys: no authority stands in between. */
public final class Tls {
  /** The one version that is spoken. */
  public static final String PROTOCOL = "TLSv1.3";

  private Tls() {}

  /**
   * For a service. Every client may come: TLS proves that it holds the private key to its
   * certificate, and what that key may do is for sessions to say.
   */
  public static SSLContext server(Credentials own) throws GeneralSecurityException {
    return context(own, certificate -> true);
  }

  /** For a client, which talks to the service with this very public key and to no other. */
  public static SSLContext client(Credentials own, X509Certificate service)
      throws GeneralSecurityException {
    return context(own, offered -> offered.getPublicKey().equals(service.getPublicKey()));
  }

  private static SSLContext context(Credentials own, Predicate<X509Certificate> trusted)
      throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      char[] none = new char[0];
      store.setKeyEntry("own", own.privateKey(), none, new X509Certificate[] {own.certificate()});
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(keys.getKeyManagers(), new TrustManager[] {new KnownByKey(trusted)}, null);
      return context;
    } catch (java.io.IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** Looks at the peer's own certificate only: at its key, not at names or dates. */
  private static final class KnownByKey extends X509ExtendedTrustManager {
    private final Predicate<X509Certificate> trusted;

    KnownByKey(Predicate<X509Certificate> trusted) {
      this.trusted = trusted;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      if (chain.length == 0 || !trusted.test(chain[0])) {
        throw new CertificateException("The peer has another key than the one that is expected");
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
