import OpsModel
import OpsSpec
import Testing

@testable import RemediationAgent

@Suite struct LocalisationTests {
    private func suspect(_ logs: [(component: String, codes: [(code: String, kind: String)])]) throws -> String? {
        let view = try Topology.load("compose/topology.yaml").agentView
        var board = EvidenceBoard()
        for log in logs {
            let rows: [JSONValue] = log.codes.map {
                ["code": .string($0.code), "kind": .string($0.kind), "novelty": "new"]
            }
            let answer = ReadAnswer(read: "log.code", component: log.component, status: .ok, value: 1, rows: rows)
            board.record([ReadQuery(read: "log.code", component: log.component)], [answer])
        }
        let neighbourhood = Neighbourhood(view: view, journeys: ["checkout"])
        return Localisation(symptoms: SymptomReader(neighbourhood: neighbourhood, board: board).symptoms).component
    }

    @Test func whatADatabaseSaidPointsAtItAndNotAtWhoWroteItDown() throws {
        #expect(try suspect([("api", [("57014", "sqlstate")])]) == "db")
        #expect(try suspect([("api", [("57014", "sqlstate")]), ("worker", [("55P03", "sqlstate")])]) == "db")
    }

    @Test func whatAProcessMetByItselfPointsAtIt() throws {
        #expect(try suspect([("api", [("EMFILE", "errno")])]) == "api")
        #expect(
            try suspect([("api", [("EMFILE", "errno"), ("57014", "sqlstate")])]) == "db",
            "causes lie below symptoms"
        )
    }

    /// How long the probes of the provider took, by who asked, and what the others took at worst.
    private func slow(_ rows: [(from: String, milliseconds: Double)], others: Double?) throws -> [Symptom] {
        let view = try Topology.load("compose/topology.yaml").agentView
        var board = EvidenceBoard()
        let answer = ReadAnswer(
            read: "probe.latency",
            component: "payments",
            status: .ok,
            value: .double(rows.map(\.milliseconds).max() ?? 0),
            unit: "ms",
            fields: ["ratio": 40, "peers_s": others.map { .double($0 / 1_000) } ?? .null],
            rows: rows.map { ["from": .string($0.from), "value": .double($0.milliseconds)] }
        )
        board.record([ReadQuery(read: "probe.latency", component: "payments")], [answer])
        return SymptomReader(neighbourhood: Neighbourhood(view: view, journeys: ["checkout"]), board: board).symptoms
    }

    @Test func whoWaitsAloneIsPointedAtAndNotWhomItWaitsFor() throws {
        #expect(try slow([("api-1", 820), ("api-2", 2), ("observer", 5)], others: 3).map(\.component) == ["api"])
        #expect(
            try slow([("api-1", 820), ("api-2", 2), ("observer", 5)], others: 430).map(\.component) == ["payments"]
        )
        #expect(try slow([("observer", 700), ("api-1", 690)], others: nil).map(\.component) == ["payments"])
        #expect(try slow([("api-1", 40), ("api-2", 1)], others: 1).isEmpty, "40 ms are nobody's trouble")
    }

    @Test func nothingPointsNowhere() throws { #expect(try suspect([]) == nil) }
}
