import OpsModel
import Testing

@testable import ChaosServer

@Suite("A request to break something, as a form")
struct BreakFormTests {
    private func document(_ fault: FaultKind, _ form: [String: String]) throws -> JSONValue {
        try BreakForm(FaultCatalog.description(of: fault)).document(form)
    }

    @Test("Text becomes what the type of its member says")
    func types() throws {
        let lock = try self.document(
            .databaseLock,
            [
                "target": "db", "lease_s": "2.5", "with.mode": "row", "with.hot": "False", "roles.culprit": "report",
                "id": "12345678", "alias_seed": "3", "dry_run": "True",
            ]
        )
        #expect(
            lock == [
                "target": "db", "lease_s": 2.5, "with": ["mode": "row", "hot": false], "roles": ["culprit": "report"],
                "id": "12345678", "alias_seed": 3, "dry_run": true,
            ]
        )
        let cache = try self.document(.cacheCorruption, ["with.share": "0.5", "with.seed": "7"])
        #expect(cache == ["with": ["share": 0.5, "seed": 7]])
        #expect(try self.document(.instanceCrash, [:]) == [:])
    }

    @Test(
        "What has no such meaning is refused",
        arguments: [
            ["lease_s": "soon"], ["lease_s": ""], ["lease_s": "inf"], ["lease_s": "nan"], ["alias_seed": "x"],
            ["with.hot": "1"], ["with": "mode"], ["roles": "culprit"],
        ]
    )
    func refused(form: [String: String]) {
        #expect(throws: ChaosError.self) { try self.document(.databaseLock, form) }
    }

    @Test("A member or parameter that nobody knows stays, to be refused by its name")
    func strangers() throws {
        let document = try self.document(.databaseLock, ["colour": "red", "with.colour": "1", "with.": "x"])
        #expect(document == ["colour": "red", "with": ["colour": "1", "": "x"]])
    }

    @Test("The schema of the form names each parameter as the form does")
    func schema() {
        for description in FaultCatalog.descriptions {
            let form = BreakForm.formSchema(of: description)["properties"]?.objectValue ?? [:]
            for parameter in description.parameters { #expect(form["with.\(parameter.name)"] == parameter.schema) }
            #expect(form["lease_s"] != nil && form["with"] == nil)
        }
    }
}
