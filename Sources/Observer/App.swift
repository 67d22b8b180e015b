@main
enum App {
    static func main() { Program.run(Array(CommandLine.arguments.dropFirst())) }
}
