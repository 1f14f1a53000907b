// Clients that are slow, greedy, wrong or gone: each gets a clear answer, and the server lives on.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <random>

#include "tests/trainers/images/photo_files.h"
#include "tests/trainers/serving/client.h"
#include "tests/trainers/serving/gate.h"
#include "tests/trainers/serving/running_server.h"

namespace hpo::serving {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string kPhotoHead = "Content-Type: application/x-image\r\n";

std::string photo() {
  const Bytes bytes = jpeg_bytes();
  return {bytes.begin(), bytes.end()};
}

void expect_alive(const RunningServer& server) {
  const auto answer = post(server.port(), "application/x-image", photo());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
}

/// The status of what comes after these bytes; 0 where the connection just ends.
int status_after(const RunningServer& server, const std::string& bytes) {
  Client client(server.port());
  client.send(bytes);
  client.finish();
  const auto answer = client.read();
  return answer ? answer->status : 0;
}

TEST(ServerFaults, MalformedRequestsAreAnswered400) {
  RunningServer server;
  for (const char* bytes :
       {"\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\x01 HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nNo colon\r\n\r\n", "\x16\x03\x01\x02TLS hello\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /invocations HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST /invocations HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0",
        "POST /invocations HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    EXPECT_EQ(status_after(server, bytes), 400) << bytes;
  }
  expect_alive(server);
}

TEST(ServerFaults, TheAnswerSaysWhatIsWrong) {
  RunningServer server;
  Client client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nNo colon\r\n\r\n"));
  const auto answer = client.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(json::parse(answer->body)["error"]["code"], "bad_request");
  EXPECT_EQ(answer->headers.at("connection"), "close");
}

TEST(ServerFaults, CutOffRequestsEndTheirConnectionAlone) {
  RunningServer server;
  const std::string whole = request("POST", "/invocations", kPhotoHead, photo());
  for (std::size_t size = 0; size < whole.size(); size += 37) {
    EXPECT_EQ(status_after(server, whole.substr(0, size)), 0) << size;
  }
  expect_alive(server);
}

TEST(ServerFaults, OversizedBodiesAreRefusedByTheirHead) {
  RunningServer server(colours(), {.max_body = 1000});
  Client client(server.port());
  ASSERT_TRUE(client.send("POST /invocations HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"));
  auto answer = client.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
  EXPECT_THAT(answer->body, HasSubstr("at most 1000 bytes"));
  // One that is sent nevertheless still gets to read its answer.
  answer = post(server.port(), "image/jpeg", std::string(3'000'000, 'x'));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
  Client chunked(server.port());
  ASSERT_TRUE(
      chunked.send("POST /invocations HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "7d0\r\n" +
                   std::string(2000, 'x') + "\r\n"));
  EXPECT_EQ(chunked.read()->status, 413);
}

TEST(ServerFaults, EndlessHeadsAreRefused) {
  RunningServer server;
  Client client(server.port());
  ASSERT_TRUE(client.send("GET /ping HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"));
  EXPECT_EQ(client.read()->status, 431);
  expect_alive(server);
}

TEST(ServerFaults, SlowClientsAreToldAndLeft) {
  RunningServer server(colours(), {}, {.idle_s = 0.2, .head_s = 0.2, .body_s = 0.2});
  Client head(server.port());
  ASSERT_TRUE(head.send("GET /ping HTT"));
  EXPECT_EQ(head.read()->status, 408);
  EXPECT_TRUE(head.is_closed());
  Client body(server.port());
  ASSERT_TRUE(body.send("POST /invocations HTTP/1.1\r\nContent-Length: 10\r\n\r\nhello"));
  EXPECT_EQ(body.read()->status, 408);
  Client silent(server.port());
  EXPECT_TRUE(silent.is_closed());
  expect_alive(server);
}

TEST(ServerFaults, ASlowClientHoldsUpNobody) {
  RunningServer server;
  Client slow(server.port());
  ASSERT_TRUE(slow.send("POST /invocations HTTP/1.1\r\nContent-Length: 10\r\n\r\nhe"));
  expect_alive(server);
  ASSERT_TRUE(slow.send("llo12345"));
  EXPECT_EQ(slow.read()->status, 415);
}

TEST(ServerFaults, ClientsThatLeaveAreNotWaitedFor) {
  Gate gate;
  ServedModel model = colours();
  model.predict = [&gate, inner = model.predict](std::span<const Image> photos) {
    gate.pass();
    return inner(photos);
  };
  RunningServer server(std::move(model));
  const OpenAtEnd opened{gate};
  {
    Client client(server.port());
    ASSERT_TRUE(client.send(request("POST", "/invocations", kPhotoHead, photo())));
    gate.wait_for(1);
  }
  gate.open();
  expect_alive(server);
}

TEST(ServerFaults, TooManyConnectionsAreTurnedAway) {
  RunningServer server(colours(), {}, {.max_connections = 1});
  Client first(server.port());
  ASSERT_TRUE(first.send(request("GET", "/ping")));
  ASSERT_EQ(first.read()->status, 200);
  Client second(server.port());
  const auto turned_away = second.read();
  ASSERT_TRUE(turned_away);
  EXPECT_EQ(turned_away->status, 503);
  EXPECT_EQ(turned_away->headers.at("retry-after"), "1");
  ASSERT_TRUE(first.send(request("GET", "/ping")));
  EXPECT_EQ(first.read()->status, 200);
}

TEST(ServerFaults, BodiesHaveABoundTogether) {
  RunningServer server(colours(), {}, {.max_body_memory = 100});
  const auto refused = post(server.port(), "application/x-image", photo());
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(post(server.port(), "application/json", "[[[1,2,3]]]")->status, 200);
}

TEST(ServerFaults, AnyBytesAreSurvived) {
  RunningServer server(colours(), {.max_body = 4096});
  std::mt19937_64 random(11);
  const std::string whole = request("POST", "/invocations?top_k=2", kPhotoHead, photo());
  for (int round = 0; round < 300; ++round) {
    std::string bytes = whole;
    for (std::size_t changes = 1 + random() % 6; changes > 0; --changes) {
      bytes[random() % std::min<std::size_t>(bytes.size(), 160)] =
          static_cast<char>(random() % 256);
    }
    status_after(server, bytes);
  }
  expect_alive(server);
  server.finish();
  for (const auto& line : server.log()) EXPECT_TRUE(json::accept(line)) << line;
}

}  // namespace
}  // namespace hpo::serving
