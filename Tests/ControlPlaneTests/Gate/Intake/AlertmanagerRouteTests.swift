import OpsHTTP
import OpsModel
import Testing

@testable import ControlPlane

/// The door for Alertmanagers, over a socket and into a real PostgreSQL.
@Suite struct AlertmanagerRouteTests {
    /// A message as Alertmanager 0.25 sends it, times in nanoseconds and members that nobody here reads.
    private func message(
        _ status: String = "firing",
        fingerprint: String = "6fb4ab4b7d7c1c5e",
        startsAt: String = "2026-11-20T12:04:33.123456789Z",
        labels: [String: JSONValue] = ["alertname": "DiskFull", "component": "disk-9", "severity": "page"],
        annotations: [String: JSONValue] = ["summary": "no room left"],
        count: Int = 1
    ) throws -> [UInt8] {
        let alert: JSONValue = [
            "status": .string(status), "labels": .object(labels), "annotations": .object(annotations),
            "startsAt": .string(startsAt),
            "endsAt": status == "firing" ? "0001-01-01T00:00:00Z" : "2026-11-20T12:05:00.5+01:00",
            "generatorURL": "http://prometheus:9090/graph", "fingerprint": .string(fingerprint),
        ]
        return try OpsJSON.encode(
            [
                "receiver": "gate", "status": .string(status), "version": "4", "truncatedAlerts": 0,
                "alerts": .array(Array(repeating: alert, count: count)), "groupLabels": [:], "commonLabels": [:],
                "commonAnnotations": [:], "externalURL": "http://alertmanager:9093",
                "groupKey": "{}:{alertname=\"DiskFull\"}",
            ] as JSONValue
        )
    }

    /// A gate whose first incident is over.
    private func withQuietGate(_ body: @Sendable (GateBench) async throws -> Void) async throws {
        try await GateBench.with { bench, first in
            try await bench.store.change(first) {
                IncidentStateMachine(record: $0, now: .now()).closed(by: "ann", reason: "not this one")
            }
            try await body(bench)
        }
    }

    private func code(_ body: [UInt8]) throws -> String? {
        try OpsJSON.decode(JSONValue.self, from: body)["code"]?.stringValue
    }

    @Test func anAlertOpensOneIncidentHoweverOftenItIsSent() async throws {
        try await withQuietGate { bench in
            #expect(try await bench.page(try message()).0 == 202)
            #expect(try await bench.page(try message()).0 == 202)
            let open = try await bench.store.openRecords()
            #expect(open.count == 1)
            let incident = try #require(open.first?.incident)
            #expect(incident.title == "no room left (the topology has no component disk-9)")
            #expect(incident.pages.map(\.component) == ["disk-9"] && incident.pages.map(\.journey) == [""])
            #expect(try await bench.store.events(incident.id, after: 0).map(\.type) == ["incident.opened"])
            #expect(try await bench.store.events(incident.id, after: 0).first?.payload["component"] == "disk-9")

            #expect(try await bench.page(try message("resolved")).0 == 202)
            #expect(try await bench.store.record(incident.id).incident.state == .resolved)
            #expect(try await bench.page(try message()).0 == 202)
            #expect(try await bench.store.openRecords().isEmpty, "it was in an incident that is over")
            #expect(try await bench.page(try message(startsAt: "2026-11-20T13:00:00Z")).0 == 202)
            #expect(try await bench.store.openRecords().count == 1, "it began anew")
        }
    }

    @Test func whatIsOverOpensNothing() async throws {
        try await withQuietGate { bench in
            let (status, body) = try await bench.page(try message("resolved"))
            #expect(status == 202)
            #expect(try OpsJSON.decode(JSONValue.self, from: body)["data"]?["pages"] == 1)
            #expect(try await bench.store.openRecords().isEmpty)
        }
    }

    @Test func onlyAKeyForSignalsOpensTheDoor() async throws {
        try await withQuietGate { bench in
            let body = try message()
            #expect(try await bench.page(body, key: bench.personKey).0 == 403)
            #expect(try await bench.page(body, key: bench.hostKey).0 == 403)
            #expect(try await bench.page(body, key: "opl_nobody_knows").0 == 401)
            #expect(try await bench.store.openRecords().isEmpty)
        }
    }

    /// Who may only send alerts can neither witness a page nor end one that Observer sent.
    @Test func nobodyButObserverSaysWhatObserverSays() async throws {
        try await withQuietGate { bench in
            #expect(try await bench.page(try message()).0 == 202)
            let incident = try #require(try await bench.store.openRecords().first)
            #expect(!incident.isWitnessed)
            #expect(try await bench.page(try message(), key: bench.witnessKey).0 == 202)
            #expect(try await bench.store.record(incident.incident.id).isWitnessed)
            #expect(try await bench.page(try message("resolved")).0 == 202)
            let after = try await bench.store.record(incident.incident.id)
            #expect(after.incident.state == .open && after.incident.pages.map(\.status) == [.resolved, .firing])
            #expect(try await bench.page(try message("resolved"), key: bench.witnessKey).0 == 202)
            #expect(try await bench.store.record(incident.incident.id).incident.state == .resolved)
        }
    }

    @Test func whatIsNoMessageIsRefused() async throws {
        try await withQuietGate { bench in
            let bad: [(status: Int, code: String?, body: [UInt8])] = [
                (400, nil, Array("{".utf8)), (422, nil, Array("{}".utf8)), (422, nil, Array("[]".utf8)),
                (422, nil, try message("burning")),
                (422, "version_unknown", Array(#"{"version": "3", "alerts": []}"#.utf8)),
                (422, "too_many_alerts", try message(count: 101)),
                (422, "alert_invalid", try message(fingerprint: "")),
                (422, "alert_invalid", try message(fingerprint: "a'; DROP TABLE lab.incidents; --")),
                (422, "alert_invalid", try message(startsAt: "0001-01-01T00:00:00Z")),
                (422, nil, try message(startsAt: "yesterday")), (422, nil, try message(labels: ["component": 9])),
                (
                    400, "body_too_deep",
                    Array((String(repeating: "[", count: 100) + String(repeating: "]", count: 100)).utf8)
                ),
                (413, nil, try message(annotations: ["summary": .string(String(repeating: "x", count: 1 << 20))])),
            ]
            for attempt in bad {
                let (status, answer) = try await bench.page(attempt.body)
                let start = String(decoding: attempt.body.prefix(80), as: UTF8.self)
                #expect(status == attempt.status, "\(start): \(String(decoding: answer, as: UTF8.self))")
                if let wanted = attempt.code { #expect(try code(answer) == wanted) }
            }
            #expect(try await bench.page(try message(), type: "text/plain").0 == 415)
            #expect(try await bench.store.openRecords().isEmpty)
        }
    }

    /// A year that no clock has must not end the gate.
    @Test(arguments: ["300000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "-0001-01-01T00:00:00Z"])
    func noTimeIsTooFar(_ moment: String) async throws {
        try await withQuietGate { bench in
            let (status, _) = try await bench.page(try message(startsAt: moment))
            #expect(status == 422)
            #expect(try await bench.page(try message()).0 == 202, "it still answers")
        }
    }

    @Test func wordsOfOthersAreKeptAsTheyAre() async throws {
        try await withQuietGate { bench in
            let words = "\u{1B}[2K<script>\u{202E}a\u{0}b'); DROP TABLE lab.incidents; --"
            #expect(
                try await bench.page(try message(annotations: ["summary": .string(words), "burn": "nan"])).0 == 202
            )
            let page = try #require(try await bench.store.openRecords().first?.incident.pages.first)
            #expect(page.summary.hasPrefix(words.replacing("\u{0}", with: "\u{FFFD}")))
        }
    }

    @Test func aFloodMakesNoIncidentGrow() async throws {
        try await withQuietGate { bench in
            let intake = PageIntake(store: bench.store, changed: ChangeSignal(), actionLimit: 4)
            let pages = (1...RecordBounds.pages + 3).map {
                Page(fingerprint: "f\($0)", journey: "", status: .firing, summary: "f\($0)", startedAt: .now())
            }
            try await intake.take(pages)
            let record = try #require(try await bench.store.openRecords().first)
            #expect(record.incident.pages.count == RecordBounds.pages && record.pagesLeftOut == 3)
            let told = try await bench.store.events(record.incident.id, after: 0).map(\.type)
            #expect(told.count { $0 == "page.left_out" } == 1)
        }
    }

    @Test func whoeverSendsTooOftenHasToWait() async throws {
        try await withQuietGate { bench in
            var statuses: [Int] = []
            for _ in 0..<200 where statuses.last != 429 { statuses.append(try await bench.page(Array("{}".utf8)).0) }
            #expect(statuses.last == 429 && statuses.count > 60)
        }
    }
}
