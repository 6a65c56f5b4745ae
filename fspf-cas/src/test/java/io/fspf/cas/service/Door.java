package io.fspf.cas.service;

import io.fspf.cas.wire.Credentials;
import io.fspf.cas.wire.Message;
import io.fspf.cas.wire.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;

/** Asks a service what no proper client would: any message at any path, by anybody. */
final class Door {
  private final String address;
  private final HttpClient http;

  Door(String address, X509Certificate service, Credentials own) throws GeneralSecurityException {
    this.address = address;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(Tls.client(own, service))
            .build();
  }

  /** What comes back, whatever its status. */
  HttpResponse<byte[]> post(String path, byte[] body) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("https://" + address + path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /** The answer to a question that is answered. */
  Message ask(String path, Message question) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = post(path, question.toBytes());
    Message answer = Message.read(response.body());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + ": " + answer.text("message"));
    }
    return answer;
  }
}
