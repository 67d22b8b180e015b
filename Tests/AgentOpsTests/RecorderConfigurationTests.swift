import OpsPostgres
import OpsService
import Testing

@testable import AgentOps

@Suite struct RecorderConfigurationTests {
    @Test func withoutTheSectionNothingIsRecorded() throws {
        var reader = ConfigurationReader(arguments: [])
        #expect(RecorderConfiguration(reading: &reader) == nil)
        try reader.finish()
    }

    @Test func aSectionNamesRoleSpoolAndWriter() throws {
        var reader = ConfigurationReader(arguments: ["--record-port", "5"])
        _ = RecorderConfiguration(reading: &reader)
        let error = #expect(throws: ConfigurationError.self) { try reader.finish() }
        let text = error.map { "\($0)" } ?? ""
        for key in ["record.user", "record.spool", "record.writer"] { #expect(text.contains(key)) }
        #expect(!text.contains("record.password_file"))
    }

    @Test func aServiceThatLivesThereHasItsName() throws {
        var reader = ConfigurationReader(arguments: ["--record-password-file", "/p"])
        let record = RecorderConfiguration(reading: &reader, name: "gate")
        try reader.finish()
        #expect(record.database.user == "gate" && record.writer == "gate" && record.organisation == "lab")
        #expect(record.passwordFile == "/p" && record.spool.isEmpty)
    }

    @Test func aServiceThatLivesThereNeedsAPassword() {
        var reader = ConfigurationReader(arguments: [])
        _ = RecorderConfiguration(reading: &reader, name: "gate")
        let error = #expect(throws: ConfigurationError.self) { try reader.finish() }
        #expect(error.map { "\($0)".contains("record.password_file") } == true)
    }
}
